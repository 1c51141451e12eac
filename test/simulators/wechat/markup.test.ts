import { expect } from 'chai';
import { showText } from '../../../simulators/wechat/markup.ts';

describe('what a text shows on the phone', () => {
  it('makes links to the menu something to tap, outside of the text', () => {
    const text =
      '满意吗？\n<a href="weixin://bizmsgmenu?msgmenucontent=%E6%BB%A1%E6%84%8F&msgmenuid=101">满意</a>\n<a href="weixin://bizmsgmenu?msgmenucontent=不满意&amp;msgmenuid=102">不</a>';
    expect(showText(text)).to.deep.equal({
      text: '满意吗？',
      items: [
        { id: '101', title: '满意', says: '满意' },
        { id: '102', title: '不', says: '不满意' },
      ],
    });
  });

  it('leaves the words of links inside a line', () => {
    const link = '<a href="weixin://bizmsgmenu?msgmenucontent=yes&msgmenuid=1">yes</a>';
    const shown = showText(`Say ${link} or <a href="https://example.org/">read on</a>.`);
    expect(shown.text).to.equal('Say yes or read on.');
    expect(shown.items.map((i) => i.id)).to.deep.equal(['1']);
  });

  it('shows any other tag as it was written', () => {
    expect(showText('<b>1</b> < 2 <a>x').text).to.equal('<b>1</b> < 2 <a>x');
  });

  it('takes a broken % as it is', () => {
    const link = '<a href="weixin://bizmsgmenu?msgmenucontent=5%&msgmenuid=a%2">5%</a>';
    expect(showText(link).items).to.deep.equal([{ id: 'a%2', title: '5%', says: '5%' }]);
  });
});
