"""What the tests stand on: whole programs on mocks, the SDK's own types, plugins over gRPC."""
