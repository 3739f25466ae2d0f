// The recorder keeps the last page views, and a page is rendered when asked for.
import { createRecorder } from "./recorder.js";
import { serve } from "./server.js";

const record = createRecorder(true);

serve((req, res) => {
  const views = record(req.url);
  const page = { html: `<h1>${views}</h1>` };
  res.end(page.html);
});
