package node

import (
	"strconv"
	"time"
)

// closeDelay is how long the program waits before it closes its inspector: the answer
// would otherwise be lost with the connection.
const closeDelay = 50 * time.Millisecond

// guardSource keeps the inspector of an attached process open, under a [lease].
// What closes it is made for this one only; a later one has another address.
var guardSource = `(() => {
  let inspector, url;
  const close = () => { if (inspector.url() === url) inspector.close(); };
  return {
    start() {
      inspector = ` + builtin + `('inspector');
      url = inspector.url();
    },
    end() { setTimeout(close, ` + strconv.FormatInt(closeDelay.Milliseconds(), 10) + `); },
  };
})()`

// closeSource closes the inspector without a lease.
var closeSource = later + "(() => { const guard = " + guardSource + "; guard.start(); guard.end(); })"
