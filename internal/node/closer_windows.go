package node

// dropInherited has nothing to do: files are not inherited here unless asked for.
func dropInherited() {}
