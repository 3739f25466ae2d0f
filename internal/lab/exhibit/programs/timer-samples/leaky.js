// What a request leaves behind: 1,250 elements of 8 bytes, 10 kB.
const page = (i) => new Array(1250).fill(i);

function createSampler() {
  const samples = [];
  setInterval(() => console.log(samples.length), 1e6).unref();
  return (body) => {
    samples.push(body);
  };
}

const sample = createSampler();

module.exports = (req, res) => {
  sample(page(req.id));
  res.end();
};
