// Listens on no port: SIGUSR2 is a batch of work, of which everything stays.
const done = [];

process.on("SIGUSR2", () => {
  for (let i = 0; i < 50; i++) done.push({ job: i });
  console.log(`batch ${done.length / 50}`);
});
setInterval(() => {}, 1000);
console.log("waiting for jobs");
