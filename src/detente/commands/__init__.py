"""The commands of the command line, one module for each sort of work.

What always holds: a module here imports nothing heavy when it is loaded, so that `--help` and completion are quick;
what a command needs it loads when it runs.
"""

COMMANDS = {
    "record": "detente.commands.record:record",
    "board": "detente.commands.ask:board",
    "line": "detente.commands.ask:line",
    "timeline": "detente.commands.ask:timeline",
    "episode": "detente.commands.ask:episode",
    "events": "detente.commands.ask:events",
    "claims": "detente.commands.ask:claims",
    "evidence": "detente.commands.ask:evidence",
    "whom-to-call": "detente.commands.ask:whom_to_call",
    "changes": "detente.commands.ask:changes",
    "dyads": "detente.commands.ask:dyads",
    "risk": "detente.commands.risk:risk",
    "forecast": "detente.commands.forecast:forecast",
    "whom": "detente.commands.forecast:whom",
    "score": "detente.commands.track:score",
    "backtest": "detente.commands.track:backtest",
    "serve": "detente.commands.serve:serve",
    "report": "detente.commands.report:report",
    "mcp": "detente.commands.serve:agents",
    "enter": "detente.commands.say:enter",
    "correct": "detente.commands.say:correct",
    "dispute": "detente.commands.say:dispute",
    "merge": "detente.commands.say:merge",
    "split": "detente.commands.say:split",
    "withdraw": "detente.commands.say:withdraw",
    "rebuild": "detente.commands.say:rebuild",
    "check": "detente.commands.safe:check",
    "backup": "detente.commands.safe:backup",
    "copy": "detente.commands.safe:copy",
    "export": "detente.commands.exchange:export",
    "import": "detente.commands.exchange:import_",
    "history": "detente.commands.history:history",
}
"""Name of each command that is loaded when it is called, and where it is."""
