"""How the platform is started, checked and operated: command line, embedded platform, topics as code."""
