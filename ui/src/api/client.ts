import createClient from 'openapi-fetch';
import type { paths } from './schema';

export const client = createClient<paths>({ baseUrl: '/' });

// Failure is what a request failed with, in the server's words.
export class Failure extends Error {
  constructor(
    message: string,
    readonly hint?: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

// answered is the data of a request, or throws its Failure.
export async function answered<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch {
    throw new Failure('plumb does not answer', 'it may have ended: look at the terminal where it was started');
  }
  if (answer.error !== undefined || !answer.response.ok) {
    const problem = (answer.error ?? {}) as { detail?: string; title?: string; hint?: string };
    throw new Failure(problem.detail ?? problem.title ?? answer.response.statusText, problem.hint, answer.response.status);
  }
  return answer.data as T;
}
