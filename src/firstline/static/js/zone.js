// A stranger's clock: the browser knows its time zone, unless somebody has chosen one already.
export function guessZone(root) {
  const field = root.querySelector("[data-own-zone]");
  if (!field) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!field.options) field.value = zone;
  const option = [...(field.options ?? [])].find(({ value, dataset }) =>
    [value, ...(dataset.oldNames ?? "").split(" ")].includes(zone));
  if (option) field.value = option.value;
}
