"""Article to Reading: who did what to whom, upon which line, in answer to what, and on whose word.

What always holds: every item has a quote that stands in the article's main text and names the rule that fired.
"""

from detente.coding.pipeline import code, code_many

__all__ = ["code", "code_many"]
