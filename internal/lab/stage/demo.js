// The tutorial's demo of memory under the hood, with a mark before each stage.

function allocateMemoryExample() {
  let number = 123;
  let string = 'Hello, world!';
  let obj = { name: 'JavaScript', type: 'Programming Language' };
  let array = [1, 2, 3, 4, 5];
  function greet() {
    console.log('Hello, memory management!');
  }
  console.log(number, string, obj, array);
  greet();
  obj = null;
  array = null;
}

function markAndSweepDemo() {
  let root = { child1: { child2: { child3: {} } } };
  console.log('Before setting to null:', root);
  root.child1.child2 = null;
  root.child1 = null;
  console.log('After setting to null:', root);
}

function referenceCountingDemo() {
  let obj1 = {};
  let obj2 = {};
  obj1.ref = obj2;
  obj2.ref = obj1;
  console.log('Circular references created:', obj1, obj2);
  obj1 = null;
  obj2 = null;
  console.log('References broken, eligible for garbage collection');
}

// stage: allocation
allocateMemoryExample();
// stage: mark and sweep
markAndSweepDemo();
// stage: reference counting
referenceCountingDemo();
// stage: manual collection
if (global.gc) global.gc();
// stage: five seconds of waiting
setTimeout(() => {
  console.log('End of script');
  // stage: last collection
  if (global.gc) global.gc();
}, 5000);
