const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The text of a member's value exactly as it stands in `json`, which must parse to an object; empty
 * if there is no such member. Of several members of that name it is the last one, as for `JSON.parse`.
 *
 * Parsing and writing again would lose what JavaScript cannot hold (digits of large numbers,
 * repeated names), and fails on values that are nested too deeply.
 */
export function memberText(json: string, name: string): string {
  let found = '';
  let depth = 0;
  let lastString = '';
  let isWanted = false;
  let valueStart = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charAt(at)) {
      case '"': {
        const end = endOfString(json, at);
        if (depth === 1) lastString = json.slice(at, end);
        at = end - 1;
        break;
      }
      case '{':
      case '[':
        depth += 1;
        break;
      case ':':
        if (depth !== 1) break;
        isWanted = JSON.parse(lastString) === name;
        valueStart = at + 1;
        break;
      case ',':
        if (depth === 1 && isWanted) found = json.slice(valueStart, at);
        break;
      case '}':
      case ']':
        if (depth === 1 && isWanted) found = json.slice(valueStart, at);
        depth -= 1;
        break;
    }
  }
  return found.trim();
}

/** Where the string that starts with the quote at `start` is over. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  for (let code = json.charCodeAt(at); code !== QUOTE; code = json.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1;
  return at + 1;
}
