"""Azure Resource Manager: its types, its rules, its state and its endpoint."""
