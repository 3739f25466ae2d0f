// leak: state.events 1 module variable
// A new array each time, as reducers make it.
const { serve } = require("./serve.js");

let state = { events: [] }; // <- state.events

serve((req, res) => {
  state = { ...state, events: [...state.events, { url: req.url }] };
  res.end("ok\n");
});
