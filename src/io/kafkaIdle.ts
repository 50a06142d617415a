import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/*
 * kafkajs 2.2.4 arms a timer after every answer, also when no request waits, with a delay that is
 * then negative: an idle connection wakes up a thousand times a second, and Node 24 prints a
 * TimeoutNegativeWarning. A timer is of use only to requests that wait, so it is armed only for them.
 */
const { prototype } = RequestQueue;
const schedule = prototype.scheduleCheckPendingRequests;
prototype.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) schedule.call(this);
};
