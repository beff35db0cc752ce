"""Work that needs nothing of a service: `shared.aside` has it done in a process of its own, which imports only this."""
