"""The shapes of scoring's answers, for the API's description."""
