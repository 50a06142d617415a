const seconds = process.env['SOAK_SECONDS'] ?? '';

/** How long outages and loads last in a soak, in seconds; undefined in every other run. */
export const SOAK_SECONDS: number | undefined = seconds === '' ? undefined : Number(seconds);
