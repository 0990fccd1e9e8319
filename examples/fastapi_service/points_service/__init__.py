"""Points over HTTP: a service around one program, for a shop's tills, app and website."""
