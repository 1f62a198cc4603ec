/** Names as they are met in a Norwegian municipality. Every person made of them is invented. */
const list = (text: string): readonly string[] => text.trim().split(/\s+/);

export const norwegianGiven = list(`
  Anne Inger Kari Marit Ingrid Liv Eva Berit Astrid Bjørg Hilde Anna Solveig Marianne Randi Ida Nina Maria Elisabeth Kristin Bente
  Heidi Silje Hanne Linda Tone Tove Gerd Wenche Ragnhild Ellen Åse Karin Hege Camilla Mona Else Laila Emma Nora Sofie Thea Ingunn
  Sølvi Aase Gro Turid Unni Sissel Siri Mette Kirsten Vigdis Ingeborg Marte Synnøve Guro Åshild Torill Gunvor Målfrid Ronja Tuva
  Jan Per Bjørn Ole Lars Kjell Knut Arne Svein Thomas Hans Geir Tor Morten Terje Odd Erik Martin Andreas John Tore Leif Harald Jon
  Rune Trond Gunnar Olav Helge Magnus Marius Øyvind Håkon Haakon Kåre Pål Ståle Åge Gøran Jørgen Jøran Søren Børge Bård Dag Rolf
  Øystein Eirik Sigurd Vidar Roar Asbjørn Torbjørn Sverre Ivar Egil Frode Stian Henrik Kristian Christian Kristoffer Jonas Sondre
  Eivind Vegard Øivind Steinar Yngve Tormod Aksel Herman Oskar Iver Brage Trygve Njål Amund Halvor Gudmund Snorre Torstein
`);

export const internationalGiven = list(`
  Fatima Ayesha Zainab Hodan Amina Sahra Hodo Nimco Leyla Elif Zeynep Aylin Nguyen Linh Thuy Lan Priya Kavitha Thushara Agnieszka
  Małgorzata Katarzyna Joanna Svetlana Olena Natalia Maryam Shirin Parisa Yasmin Noor Hanan Mei Xiu Chioma Adaeze Tigist Selam Elle
  Máret Risten Ánne Mohammed Muhammad Mohamed Ahmed Abdi Abdullahi Yusuf Ismail Hassan Omar Ali Bilal Imran Usman Mehmet Mustafa
  Emre Duc Minh Tuan Rajesh Suresh Nirmalan Piotr Krzysztof Łukasz Tomasz Andrzej Dmytro Serhii Reza Behrouz Karim Tariq Wei Jun
  Emeka Dawit Yonas Áilu Niillas Mikkel Jörg Björn François José João Zoltán Jiří Gülay Çağla Zoë
`);

export const norwegianFamily = list(`
  Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg Haugen Hagen
  Johannessen Andreassen Jacobsen Halvorsen Jørgensen Dahl Henriksen Lund Sørensen Jakobsen Moen Gundersen Iversen Strand Solberg
  Martinsen Svendsen Eide Knutsen Bakken Paulsen Mathisen Lie Kristoffersen Rasmussen Amundsen Christensen Lunde Kristensen Ødegård
  Ødegaard Bakke Berge Moe Nygård Nygaard Fredriksen Solheim Lien Holm Andresen Christiansen Hauge Knudsen Nguyen Aas Ås Aase Håland
  Haaland Tangen Antonsen Sæther Sæter Næss Næss Bø Bøe Bråten Bråthen Thorsen Øye Øien Øyen Åsen Aasen Hovland Myhre Ruud Sandvik
  Sunde Wold Vold Lægreid Brekke Kvåle Kvaale Gjerde Rønning Røed Rød Skår Skaar Tveit Ulriksen Vik Viken Wiik Ytterdal Zahl Østby
`);

export const internationalFamily = list(`
  Ali Ahmed Khan Hussain Hussein Mohamed Abdi Warsame Farah Hassan Jama Osman Singh Kaur Chaudhry Malik Butt Iqbal Sheikh Yılmaz
  Demir Öztürk Kaya Şahin Tran Pham Le Huynh Vo Nowak Kowalski Wiśniewski Wójcik Lewandowska Zieliński Selvarajah Sivakumar
  Kandiah Rahimi Hosseini Karimi Ahmadi Shevchenko Kovalenko Bondarenko Petrović Jovanović Hodžić Begić Tesfaye Haile Gebremariam
  Okafor Mensah Diallo García Fernández Müller Schäfer Lindström Åkesson Sjöberg Eira Sara Hætta Utsi Gaup Buljo Nystø Yang Zhang
  O'Brien O'Connor
`);

const stems = list(`
  Aure Bak Berg Birke Bjerke Blå Brenn Brå Dal Eike Elve Fager Finn Fjell Fos Furu Gran Grøn Gull Hage Haug Hei Hol Hov Husby Høg Kirke
  Kjær Klev Kro Kval Langs Lien Lilje Lind Ljøs Løv Mo Myr Mæl Nes Nord Ny Ose Raud Reins Rogn Ros Rud Røys Sand Sel Skau Skog Sol Stein
  Stor Svart Sør Tors Tun Ul Vang Vass Ves Vinter Våg Ytre Ør Øst Åker Åm
`);
const endings =
  list(`berg bakk bråten by bø dal eng fjord gård haug heim holm hus land li lien lund løkken mo moen myr nes rud set skog sletta
  stad strøm sund sveen sæther tveit vik voll ås øy`);

/** Farm names, of which real registers hold thousands. */
export const farmFamily: readonly string[] = stems.flatMap((stem) => endings.map((ending) => stem + ending));
