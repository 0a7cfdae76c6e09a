/** Runs in the report's page: tables are filtered and ordered, a receipt opens where its sentence is. Without it the page is whole, too. */
export const pageScript = `
for (const box of document.querySelectorAll('[data-interactive]')) {
  const body = box.querySelector('tbody'), rows = [...body.rows], output = box.querySelector('output');
  const show = () => {
    const words = box.querySelector('input').value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
      if (!row.hidden) shown++;
    }
    output.textContent = shown === rows.length ? '' : shown + ' of ' + rows.length + ' rows';
  };
  box.querySelector('input').addEventListener('input', show);
  for (const button of box.querySelectorAll('th button')) button.addEventListener('click', () => {
    const head = button.closest('th'), column = Number(button.dataset.column);
    const down = head.getAttribute('aria-sort') === 'ascending';
    for (const other of box.querySelectorAll('th')) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const orderOf = row => row.cells[column].dataset.order;
    const sign = down ? -1 : 1;
    const compare = (a, b) => {
      const x = orderOf(a), y = orderOf(b);
      if (x !== undefined && y !== undefined) return sign * (Number(x) - Number(y));
      if (x !== undefined || y !== undefined) return x === undefined ? 1 : -1;
      return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent, 'en', { numeric: true });
    };
    body.append(...[...rows].sort(compare));
  });
}
const dialog = document.getElementById('receipt');
document.addEventListener('click', event => {
  const link = event.target.closest('a.receipt');
  const article = link && document.querySelector(link.getAttribute('href'));
  if (!article || !dialog.showModal) return;
  event.preventDefault();
  const copy = article.cloneNode(true);
  copy.removeAttribute('id');
  dialog.querySelector('div').replaceChildren(copy);
  dialog.showModal();
});
dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
`;
