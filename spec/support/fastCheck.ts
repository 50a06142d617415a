import { configureGlobal } from 'fast-check';

// A greatest length that a law names is meant: fast-check would hardly go beyond 10 of it.
configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
