"""The oracle: graphql-core's own executor over records read whole, by one generic resolver, and queries to ask both with."""
