package cluster

import _ "embed"

// DrainScript is the script that drains a process, for --require.
//
//go:embed drain.cjs
var DrainScript []byte
