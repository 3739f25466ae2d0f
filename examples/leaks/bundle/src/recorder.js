// A module like any other; the bundler gives its variables names of one letter.
const limit = 100;

export function createRecorder(bounded) {
  const pageViews = [];
  return function record(url) {
    pageViews.push({ url, at: new Date() });
    if (bounded && pageViews.length > limit) pageViews.shift();
    return pageViews.length;
  };
}
