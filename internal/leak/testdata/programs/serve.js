module.exports = require("../../../../examples/leaks/serve.js");
