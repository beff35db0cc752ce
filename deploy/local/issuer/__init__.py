"""An OpenID Connect provider for local work: real signed tokens, demo users of every role, no passwords."""
