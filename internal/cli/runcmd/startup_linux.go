package runcmd

// hasSystemd tells whether systemd starts the services of this system.
func hasSystemd() error { return nil }
