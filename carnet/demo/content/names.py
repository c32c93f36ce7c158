"""Names as they stand in French and Québec appointment books."""


def _each(names: str) -> tuple[str, ...]:
    return tuple(names.split())


FRENCH_WOMEN = _each(
    "Adèle Agathe Aïcha Amandine Amélie Anaïs Anne-Sophie Aurélie Béatrice Camille Capucine Catherine Céline "
    "Charlotte Chloé Claire Clémence Colette Constance Danielle Delphine Diane Élise Élodie Éloïse Émilie Estelle "
    "Eugénie Fanny Fatou Florence Françoise Gaëlle Geneviève Ghislaine Hélène Inès Irène Isabelle Jacqueline Jeanne "
    "Joëlle Joséphine Julie Justine Laëtitia Laure Léa Louise Lucie Maëlle Manon Marguerite Marie-Christine Marion "
    "Mélanie Michèle Mireille Monique Muriel Myriam Nadège Naïma Nathalie Noémie Océane Odile Pascale Pauline "
    "Perrine Régine Renée Rosalie Sabrina Salomé Samira Sandrine Simone Solène Sonia Suzanne Sylvie Thérèse Valérie "
    "Véronique Violette Virginie Yasmine Yvette Zoé"
)

FRENCH_MEN = _each(
    "Alexandre André Antoine Arnaud Baptiste Benoît Cédric Christophe Clément Damien David Denis Didier Édouard "
    "Emmanuel Étienne Fabrice Farid Florian François Frédéric Gérard Guillaume Henri Hugo Jean-Baptiste Jean-Luc "
    "Jérôme Karim Léo Loïc Marc Mathieu Maxime Mohamed Nicolas Olivier Patrick Paul Philippe Pierre-Yves Quentin "
    "Rachid Raphaël Rémi Romain Sébastien Théo Thierry Victor Xavier Yves"
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

QUEBEC_WOMEN = _each(
    "Alice Amélie Annie Ariane Audrey Brigitte Caroline Catherine Chantal Claudette Denise Élaine Emily France "
    "Frédérique Geneviève Ginette Gisèle Guylaine Hélène Isabelle Jacinthe Jessica Jocelyne Johanne Josée Karine "
    "Laurence Line Lise Lucille Maïka Manon Margaret Marie-Ève Marie-Pier Martine Maude Mélissa Mireille Mylène "
    "Nancy Olivia Patricia Pierrette Raymonde Rita Roxanne Sarah Solange Stéphanie Susan Valérie Yolande"
)

QUEBEC_MEN = _each(
    "Alexis Benoît Charles-Antoine Christian Daniel Danny Dominic Donald Éric Félix Francis Gabriel Gaétan Jacob "
    "Jason Jean-Guy Julien Kevin Liam Louis-Philippe Luc Marc-André Mathis Michael Noah Normand Philippe Réjean "
    "Robert Samuel Serge Steve Sylvain Thomas Tommy Vincent William Yvan Zachary"
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
