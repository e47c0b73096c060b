import type { PolicyJson } from '../document.ts';

/** A policy document for people: indented, lists one entry a line. */
export const policyText = (document: PolicyJson): string => `${JSON.stringify(document, null, 2)}\n`;

/** A service control policy. AWS counts its white space, so it has none. */
export const controlText = (document: PolicyJson): string => `${JSON.stringify(document)}\n`;
