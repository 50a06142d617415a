/** The name of a job that was given none: the same input and output make the same name, in whatever process. */
export const derivedJob = (subscription: string | undefined, outputTopic: string | undefined): string => {
  const [, project, , name] = subscription?.split('/') ?? [];
  return ['pages-viewed', project, name, outputTopic]
    .filter((part) => part !== undefined)
    .join('-')
    .replace(/[^\w.-]/g, '-');
};
