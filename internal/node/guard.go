package node

// guardSource keeps the inspector of an attached process open, under a [lease].
// What closes it is made for this one only; a later one has another address. The
// close comes a little after the answer, which would otherwise be lost with the
// connection.
const guardSource = `(() => {
  const inspector = ` + builtin + `('inspector');
  const url = inspector.url();
  const close = () => { if (inspector.url() === url) inspector.close(); };
  return { end() { setTimeout(close, 50); } };
})()`
