import { Metadata, status } from '@grpc/grpc-js';

/** Why a request was not done, with the status code the service answers in that case. */
export class Refusal extends Error {
  constructor(
    readonly code: status,
    message: string,
    readonly metadata = new Metadata(),
  ) {
    super(message);
  }
}

export const notFound = (name: string): Refusal => new Refusal(status.NOT_FOUND, `Resource not found (resource=${name}).`);
export const alreadyExists = (name: string): Refusal => new Refusal(status.ALREADY_EXISTS, `Resource already exists (resource=${name}).`);
export const invalid = (text: string): Refusal => new Refusal(status.INVALID_ARGUMENT, text);
export const unsupported = (what: string): Refusal => new Refusal(status.UNIMPLEMENTED, `${what} is not supported by this emulator.`);
