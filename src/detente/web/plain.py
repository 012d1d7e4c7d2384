"""JSON that reads as what it says.

What always holds: signs that turn the direction of writing, or cannot be seen, go out as escapes: the same value to a
program, and no trick upon a person who looks at it.
"""

from __future__ import annotations

import re
from typing import Any

from fastapi.responses import JSONResponse

_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\x7f-\x9f]")


class Json(JSONResponse):
    """An answer in JSON.

    Example:
        >>> Json({"a": "x\u202ey"}).body
        b'{"a":"x\\\\u202ey"}'
    """

    def render(self, content: Any) -> bytes:
        """The bytes of a value."""
        text = super().render(content).decode()
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()
