const { serve } = require("./serve.js");

  res.end("ok\n");
});
