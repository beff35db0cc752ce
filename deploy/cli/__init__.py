"""The commands behind `./rsoko`, one file a group; thin: they call deploy.local, HTTP APIs or shared."""
