/**
 * What a click does where a double click is to do it once: the second click would meet what has moved into the place of the
 * first.
 */
export const once =
  (act: () => void) =>
  (event: { detail: number }): void => {
    if (event.detail < 2) act();
  };
