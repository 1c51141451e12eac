import nock from 'nock';

/** No test reaches anything but this machine: a call that nobody expected fails at once. */
nock.disableNetConnect();
nock.enableNetConnect(/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/u);
