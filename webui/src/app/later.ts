/** "Decide later" holds in this tab until somebody signs in again. */

const KEY = "candor-later";

export function putOff(): void {
  try {
    sessionStorage.setItem(KEY, "yes");
  } catch {
    // Without storage it asks again with the next page.
  }
}

export function forgetLater(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There is nothing, then.
  }
}

export function wasPutOff(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
