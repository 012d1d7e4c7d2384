"""What people look at: terminal, dossier, board. One view model feeds them all; nothing is decided here."""
