// The recorder keeps every page view.
import { createRecorder } from "./recorder.js";
import { serve } from "./server.js";

const record = createRecorder(false);
const renderedPages = new Map();

serve((req, res) => {
  const views = record(req.url);
  renderedPages.set(`${req.url}#${views}`, { html: `<h1>${views}</h1>` });
  res.end(`${views} views\n`);
});
