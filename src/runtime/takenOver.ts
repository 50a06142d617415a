/** Another instance has taken the job over: this one must not go on. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
  readonly fatal = true;

  constructor(job: string, by: string) {
    super(`another instance has taken over the job ${job}: ${by}; only one may run at a time`);
  }
}
