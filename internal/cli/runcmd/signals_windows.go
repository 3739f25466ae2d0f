package runcmd

import "os"

// passedOn are the signals that are the programs' business: Windows has none.
var passedOn []os.Signal
