// An express app as people write them; it tells what it has cost on /cost.
const express = require('express');

const app = express();
app.use(express.json());
app.get('/users/:id', (req, res) => {
  res.json({ id: req.params.id, name: 'Ada', tags: ['a', 'b', 'c'], seen: Date.now() });
});
app.get('/cost', (req, res) => {
  res.json(process.cpuUsage());
});
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
