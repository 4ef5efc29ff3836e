"""The demo trust: fictional, made by a seeded generator, and shared by benches and tests."""
