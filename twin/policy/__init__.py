"""The language of API Management policies: documents, what Azure accepts in them, and C# expressions."""
