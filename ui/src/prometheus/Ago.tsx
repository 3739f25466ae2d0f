import { duration } from '../parts/duration';

// Ago is how long ago a time was; the time itself on hover.
export function Ago({ time }: { time: string }) {
  const at = new Date(time);
  if (at.getUTCFullYear() < 1970) return <>never</>; // Go's zero time
  return <time dateTime={time} title={at.toLocaleString()}>{`${duration((Date.now() - at.getTime()) / 1000)} ago`}</time>;
}
