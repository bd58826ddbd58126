"""What the figures of the gateway are made with, each a process of its own: who is called, and who passes calls on."""
