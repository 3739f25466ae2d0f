// What a request leaves behind: 1,250 elements of 8 bytes, 10 kB.
const page = (i) => new Array(1250).fill(i);

function createSampler() {
  let samples = 0;
  setInterval(() => {
    console.log(samples);
    samples = 0;
  }, 1e6).unref();
  return (body) => {
    samples += body.length;
  };
}

const sample = createSampler();

module.exports = (req, res) => {
  sample(page(req.id));
  res.end();
};
