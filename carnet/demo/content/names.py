"""Names as they stand in French and Québec appointment books."""


def _each(names: str) -> tuple[str, ...]:
    return tuple(names.split())


FRENCH_FIRST_NAMES = _each(
    "Adèle Agathe Aïcha Alexandre Amandine Amélie Anaïs André Anne-Sophie Antoine Arnaud Aurélie Baptiste Béatrice "
    "Benoît Camille Capucine Catherine Cédric Céline Charlotte Chloé Christophe Claire Clémence Clément Colette "
    "Constance Damien Danielle David Delphine Denis Diane Didier Édouard Élise Élodie Éloïse Émilie Emmanuel Estelle "
    "Étienne Eugénie Fabrice Fanny Farid Fatou Florence Florian François Françoise Frédéric Gaëlle Geneviève Gérard "
    "Ghislaine Guillaume Hélène Henri Hugo Inès Irène Isabelle Jacqueline Jean-Baptiste Jean-Luc Jeanne Jérôme "
    "Joëlle Joséphine Julie Justine Karim Laëtitia Laure Léa Léo Loïc Louise Lucie Maëlle Manon Marc Marguerite "
    "Marie-Christine Marion Mathieu Maxime Mélanie Michèle Mireille Mohamed Monique Muriel Myriam Nadège Naïma "
    "Nathalie Nicolas Noémie Océane Odile Olivier Pascale Patrick Paul Pauline Perrine Philippe Pierre-Yves Quentin "
    "Rachid Raphaël Régine Rémi Renée Romain Rosalie Sabrina Salomé Samira Sandrine Sébastien Simone Solène Sonia "
    "Stéphane Suzanne Sylvie Théo Thérèse Thierry Valérie Véronique Victor Violette Virginie Xavier Yasmine Yvette Zoé"
)

FRENCH_LAST_NAMES = _each(
    "Arnould Aubertin Aumont Auvray Azoulay Bachelet Baudouin Bécaud Belkacem Benali Béranger Bertheau Besnard "
    "Billaud Blondeau Bonnefoy Bouchard Bourdieu Brémond Brunet Cariou Carpentier Castelnau Cazeneuve Chabrol "
    "Champeaux Charrier Chauvet Chevallier Colombier Cordier Coulibaly Courtois Crépin Dauphin Debray Delacourt "
    "Delmas Deschamps Desprez Diallo Domergue Dubreuil Dufresne Dujardin Dumoulin Duquesne Durieux Escoffier "
    "Fabre-Luce Fauvel Ferrand Feuillet Fournel Fréchet Gaillard Garnier Gaudin Gauthier Germain Gervais Giraudoux "
    "Grandjean Grosjean Guérin Guilbert Hadjadj Hébert Hervé Huchet Jacquemin Jaouen Joubert Jourdain Kerbrat "
    "Labrousse Lachaume Lafont Lagarde Lamoureux Langlois Larcher Laurens Lavergne Lebreton Lecœur Leduc Lefèvre "
    "Legrand Lejeune Lemaître Leroux Lesueur Letellier Lévêque Lopez Loiseau Maillard Malherbe Marchand Maréchal "
    "Mariani Martineau Masson Mathieu Maurel Mercier Meunier Michaud Moreau-Lévy Morvan Moulin N’Diaye Navarro "
    "Nguyen Noël Ollivier Ortega Pasquier Paturel Pelletier Péron Perrault Pichon Poirier Poulain Prévost Prigent "
    "Quéméner Rabier Raynaud Renaudin Ribeiro Rivière Rochefort Rouvière Roux Sabatier Saint-Germain Saunier "
    "Ségalen Simonet Sorel Tanguy Tessier Thibault Touré Traoré Trintignan Vallet Vasseur Verdier Viard Vidal "
    "Villeneuve Voisin Wagner Weiss Zeller"
)

QUEBEC_FIRST_NAMES = _each(
    "Alexis Alice Amélie Annie Ariane Audrey Benoît Brigitte Caroline Catherine Chantal Charles-Antoine Christian "
    "Claudette Daniel Danny Denise Dominic Donald Élaine Emily Éric Félix France Francis Frédérique Gabriel Gaétan "
    "Geneviève Ginette Gisèle Guylaine Hélène Isabelle Jacinthe Jacob Jason Jean-Guy Jessica Jocelyne Johanne Josée "
    "Julien Karine Kevin Laurence Liam Line Lise Louis-Philippe Luc Lucille Maïka Manon Marc-André Margaret "
    "Marie-Ève Marie-Pier Martine Mathis Maude Mélissa Michael Mireille Mylène Nancy Noah Normand Olivia Patricia "
    "Philippe Pierrette Raymonde Réjean Rita Robert Roxanne Samuel Sarah Serge Solange Stéphanie Steve Susan Sylvain "
    "Thomas Tommy Valérie Vincent William Yolande Yvan Zachary"
)

QUEBEC_LAST_NAMES = _each(
    "Allard Arsenault Asselin Beauchamp Beaulieu Bédard Bélanger Bergeron Bernier Bérubé Bilodeau Blackburn Blais "
    "Blanchette Boisvert Bouchard Boudreau Brassard Campbell Caron Castonguay Chartrand Chouinard Cloutier Cormier "
    "Côté Couture Cyr Daigle Deschênes Desjardins Desrosiers Dion Doucet Drouin Dubé Dufour Dussault Fontaine Fortin "
    "Fournier Gagné Gagnon Gaudreault Gauvin Giroux Goulet Gravel Grenier Guay Hamel Harvey Héroux Jobin Labrecque "
    "Lachance Lacroix Lafleur Lalonde Lamontagne Landry Langevin Lapointe Laroche Lavoie Leblanc Leclerc Lemieux "
    "Lessard Lévesque MacDonald Mailhot Marcoux Martel Ménard Mercier Michaud Morin Murphy Nadeau O’Connor Ouellet "
    "Paquette Paradis Parent Pelletier Perreault Picard Plante Poulin Proulx Rancourt Renaud Richard Robitaille "
    "Rousseau Roy St-Laurent Savard Simard Sinclair Smith Tanguay Théberge Thibodeau Tremblay Trudel Turcotte "
    "Vachon Veilleux Villeneuve Wilson"
)
