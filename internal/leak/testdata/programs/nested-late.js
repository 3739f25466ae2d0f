// leak: state.log.entries 1 module variable
const { serve } = require("./serve.js");

const state = {}; // <- state.log.entries

function setUp() {
  state.log = {};
  state.log.entries = [];
}

setUp();

serve((req, res) => {
  state.log.entries.push({ url: req.url });
  res.end("ok\n");
});
