// leak: holder[visits] 1 module variable
const { serve } = require("./serve.js");

const kVisits = Symbol("visits");
const holder = { [kVisits]: [] }; // <- holder[visits]

serve((req, res) => {
  holder[kVisits].push({ url: req.url });
  res.end("ok\n");
});
